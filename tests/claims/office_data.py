"""What a small practice would bring."""

FILES = {
    "practice.csv": (
        "name,npi,tax_id,tax_id_kind,street,second,city,state,zip,phone,contact,taxonomy,submitter_id,place,"
        "receiver_id,receiver_name,clia\n"
        "Fern Hollow Clinic,1234567893,12-3456789,EIN,1 Clinic Way,Suite 4,Salem,OR,97301-0001,(503) 555-0199,"
        "Billing Office,207Q00000X,FERNHOLLOW,11,CLEARONE,Clear One,38D0123456\n"
    ),
    "providers.csv": "last,first,npi,also\nMoss,Ruth,1987654328,R Moss MD\n",
    "payers.csv": (
        "id,name,kind,street,city,state,zip\n"
        "60054,Northern Mutual,commercial,9 High Street,Salem,OR,97301\n"
        "70065,Southern Mutual,blue cross,,,,\n"
    ),
    "facilities.csv": (
        "name,npi,street,city,state,zip\nElm Street Hospital,1245319599,9 Elm Street,Salem,OR,97301-0009\n"
    ),
    "patients.csv": (
        "record_number,last,first,middle,birth_date,sex,street,city,state,zip,phone,payer_id,member_id,group,relationship,"
        "insured_last,insured_first,insured_birth_date,insured_sex,insured_street,insured_city,insured_state,insured_zip,"
        "second_payer_id,second_member_id,second_group,second_plan,second_relationship,second_last,second_first\n"
        "FH1,Okafor,Ruth,A,1961-07-19,F,12 Elm Street,Salem,OR,97301-1234,503-555-0100,60054,NM1234567,G100,self"
        ",,,,,,,,\n"
        "FH2,Okafor,Ben,,2004-01-02,M,12 Elm Street,Salem,OR,97301-1234,,60054,NM1234567,G100,child,"
        "Okafor,Ruth,1961-07-19,F,12 Elm Street,Salem,OR,97301-1234,70065,SM7654321,,Silver,child,Okafor,Ben Senior\n"
    ),
    "visits.csv": (
        "record_number,date_of_service,related_to,accident_date,accident_state,place,facility,other_role,other_last,"
        "other_first,other_npi,paid,releases,assigns,accepts,onset,last_menstruation,unable_from,unable_to,admitted,"
        "discharged,note\n"
        "FH2,2014-03-14,auto accident,2014-03-13,or\n"
        "FH1,2014-06-02,,,,22,1245319599,referring,Ames,Lin,1003000126,20.50,no,no,no,2014-05-30,2014-04-20,"
        "2014-06-01,2014-06-09,2014-05-31,2014-06-03,Came by ambulance\n"
    ),
}
