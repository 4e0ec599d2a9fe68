"""What a small practice would bring."""

FILES = {
    "practice.csv": (
        "name,npi,tax_id,tax_id_kind,street,second,city,state,zip,phone,contact,taxonomy,submitter_id,place,"
        "receiver_id,receiver_name\n"
        "Fern Hollow Clinic,1234567893,12-3456789,EIN,1 Clinic Way,Suite 4,Salem,OR,97301-0001,(503) 555-0199,"
        "Billing Office,207Q00000X,FERNHOLLOW,11,CLEARONE,Clear One\n"
    ),
    "providers.csv": "last,first,npi,also\nMoss,Ruth,1987654328,R Moss MD\n",
    "payers.csv": "id,name,kind,street,city,state,zip\n60054,Northern Mutual,commercial,9 High Street,Salem,OR,97301\n",
    "patients.csv": (
        "record_number,last,first,middle,birth_date,sex,street,city,state,zip,phone,payer_id,member_id,group,relationship,"
        "insured_last,insured_first,insured_birth_date,insured_sex,insured_street,insured_city,insured_state,insured_zip\n"
        "FH1,Okafor,Ruth,A,1961-07-19,F,12 Elm Street,Salem,OR,97301-1234,503-555-0100,60054,NM1234567,G100,self"
        ",,,,,,,,\n"
        "FH2,Okafor,Ben,,2004-01-02,M,12 Elm Street,Salem,OR,97301-1234,,60054,NM1234567,G100,child,"
        "Okafor,Ruth,1961-07-19,F,12 Elm Street,Salem,OR,97301-1234\n"
    ),
    "visits.csv": (
        "record_number,date_of_service,related_to,accident_date,accident_state\n"
        "FH2,2014-03-14,auto accident,2014-03-13,or\n"
    ),
}
